//! What wit-bindgen makes of the contract: a module an interface, so that a plugin exports
//! only those that it implements.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    reason = "written by wit-bindgen"
)]

/// The shared types and the log.
pub mod base {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package prodlike:sdk-base;
            world base {
                import prodlike:plugin/types@0.1.0;
                import prodlike:plugin/log@0.1.0;
            }
        ",
        generate_all,
    });
}

/// The interface `about`.
pub mod about {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package prodlike:sdk-about;
            world about-only { export prodlike:plugin/about@0.1.0; }
        ",
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_about",
        default_bindings_module: "prodlike_sdk::guest::bindings::about",
    });
}

/// The interface `generator`.
pub mod generator {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package prodlike:sdk-generator;
            world generator-only { export prodlike:plugin/generator@0.1.0; }
        ",
        with: {
            "prodlike:plugin/types@0.1.0": super::base::prodlike::plugin::types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_generator",
        default_bindings_module: "prodlike_sdk::guest::bindings::generator",
    });
}

/// The interface `transform`.
pub mod transform {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package prodlike:sdk-transform;
            world transform-only { export prodlike:plugin/transform@0.1.0; }
        ",
        with: {
            "prodlike:plugin/types@0.1.0": super::base::prodlike::plugin::types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_transform",
        default_bindings_module: "prodlike_sdk::guest::bindings::transform",
    });
}

/// The interface `learn`.
pub mod learn {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package prodlike:sdk-learn;
            world learn-only { export prodlike:plugin/learn@0.1.0; }
        ",
        with: {
            "prodlike:plugin/types@0.1.0": super::base::prodlike::plugin::types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_learn",
        default_bindings_module: "prodlike_sdk::guest::bindings::learn",
    });
}

/// The interface `detector`.
pub mod detector {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package prodlike:sdk-detector;
            world detector-only { export prodlike:plugin/detector@0.1.0; }
        ",
        with: {
            "prodlike:plugin/types@0.1.0": super::base::prodlike::plugin::types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_detector",
        default_bindings_module: "prodlike_sdk::guest::bindings::detector",
    });
}

/// The interface `rule`.
pub mod rule {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package prodlike:sdk-rule;
            world rule-only { export prodlike:plugin/rule@0.1.0; }
        ",
        with: {
            "prodlike:plugin/types@0.1.0": super::base::prodlike::plugin::types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_rule",
        default_bindings_module: "prodlike_sdk::guest::bindings::rule",
    });
}
