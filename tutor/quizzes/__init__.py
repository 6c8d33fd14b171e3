"""Questions: asked on a lesson's page, answered on the server.

No key of a question is in a page's source; a question that is about a run takes its key from that run's trace.
"""
