"""Styles: the ways to look at a moment of a run, and the parts that they are made of.

A style is three files of one name: a module here that defines `STYLE`, a template in `templates/styles` and a style
sheet in `static/styles`. The registry finds it by its file name. Parts are rendered once per moment, and shared by
everyone who looks at it: a page, a fragment over HTTP and a page that a websocket has changed have the same bytes.
Nothing in them belongs to a viewer: rendering knows no request.
"""
