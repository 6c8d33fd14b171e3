"""What an operator asks of one process of the site: whether it is alive, whether it is ready, and figures about it.

The addresses are answered before Django's middleware: they need no session, no host name and no https, and as they wait
for no thread of the site's pages, they are answered while these hang. Nothing here changes what is stored.
"""
