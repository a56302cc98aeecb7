//! The allocator of a component.
#![expect(
    unsafe_code,
    reason = "a global allocator is unsafe by its trait; every call goes on to talc's"
)]

use std::alloc::{GlobalAlloc, Layout};

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

/// Blocks of this size and more are columns: the host copies them.
const LARGE: usize = 1024;
/// Where they begin: glibc's `memcpy` drops to a tenth of its speed where a source and a
/// destination are 8 bytes apart modulo 4,096, which is where allocators put blocks with a
/// word before them.
const ALIGN: usize = 64;

/// Talc, with large blocks at multiples of 64 bytes.
struct Aligned(WasmDynamicTalc);

#[global_allocator]
static ALLOCATOR: Aligned = Aligned(new_wasm_dynamic_allocator());

/// Returns the layout that is asked of talc.
#[inline]
fn raised(layout: Layout) -> Layout {
    if layout.size() < LARGE || layout.align() >= ALIGN {
        return layout;
    }
    // SAFETY: 64 is a power of two, and sizes near isize::MAX do not fit into the memory of a
    // component, whose layouts are therefore never near the limit.
    unsafe { Layout::from_size_align_unchecked(layout.size(), ALIGN) }
}

// SAFETY: talc's own blocks are handed out, for layouts at least as strict as those asked for.
// talc frees and moves a block by its pointer and size, which are passed on unchanged.
unsafe impl GlobalAlloc for Aligned {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller's.
        unsafe { self.0.alloc(raised(layout)) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as the caller's.
        unsafe { self.0.dealloc(block, raised(layout)) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.size() >= LARGE || size < LARGE {
            // SAFETY: as the caller's; what shrinks stays where it is.
            return unsafe { self.0.realloc(block, raised(layout), size) };
        }
        // SAFETY: as the caller's; the new block has room for the old one's bytes, as it grows.
        unsafe {
            let grown = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !grown.is_null() {
                grown.copy_from_nonoverlapping(block, layout.size());
                self.dealloc(block, layout);
            }
            grown
        }
    }
}
