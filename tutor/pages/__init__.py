"""The pages: one module per page. A view gets an object or answers 404, asks a package for its content, and renders."""
