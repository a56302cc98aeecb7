"""Notebooks run from a fresh kernel: the first one always, all of them in `make test-full`."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, chinook, tmp_path):
    if os.environ.get("PRODLIKE_NOTEBOOKS") != "all" and not path.stem.startswith("1-"):
        pytest.skip("PRODLIKE_NOTEBOOKS=all runs it")
    notebook = nbformat.read(path, 4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "saved with its outputs"
    os.environ["CHINOOK"] = str(chinook)
    NotebookClient(
        notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
