"""The pages: one module per page. A view gets what it is asked for or answers 404, asks a package, and renders."""
