"""nginx with docs/deploy/nginx.conf, and a certificate that nobody trusts by himself."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ..services import LOOPBACK, free_port
from .deploy_files import deploy_file, exchanged, program
from .part import Part

LETSENCRYPT = "/etc/letsencrypt/live/tutor.example.org"
SERVER = re.compile(r"^    server 127\.0\.0\.1:800(\d)( .*;)$", re.MULTILINE)
MAIN = """daemon off;
master_process off;  # It ends as one process.
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 8192; }}
worker_rlimit_nofile 16384;
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
"""What nginx.conf of the package has, for a folder."""


class Proxy(Part):
    """nginx in front of web processes on `ports`, with its files in `folder`."""

    def __init__(self, folder: Path, ports: Sequence[int]) -> None:
        folder.mkdir()
        self.port, self.http_port = free_port(), free_port()
        self.certificate = make_certificate(folder)
        (folder / "site.conf").write_text(site_file(folder, ports, self.port, self.http_port))
        self.file = folder / "nginx.conf"
        self.file.write_text(MAIN.format(folder=folder))
        super().__init__(
            name="nginx",
            command=[program("nginx"), "-p", str(folder), "-c", str(self.file)],
            environment={},
            log=folder / "log",
            is_ready=lambda: accepts(self.port),
        )

    @property
    def base(self) -> str:
        """The address of the site."""
        return f"https://{LOOPBACK}:{self.port}"


def site_file(folder: Path, ports: Sequence[int], port: int, http_port: int) -> str:
    """Return the site's file with other ports, and with the certificate in `folder`."""
    text = exchanged(
        deploy_file("nginx.conf"),
        {
            "listen 80;": f"listen {LOOPBACK}:{http_port};",
            "listen 443 ssl http2;": f"listen {LOOPBACK}:{port} ssl http2;",
            "    listen [::]:80;\n": "",  # Not every machine has it.
            "    listen [::]:443 ssl http2;\n": "",
            "server_name tutor.example.org;": f"server_name {LOOPBACK};",
            f"{LETSENCRYPT}/fullchain.pem": f"{folder}/fullchain.pem",
            f"{LETSENCRYPT}/privkey.pem": f"{folder}/privkey.pem",
        },
    )
    servers = list(SERVER.finditer(text))
    if [each[1] for each in servers] != ["1", "2"]:
        raise ValueError("nginx.conf doesn't name the two web processes 127.0.0.1:8001 and 127.0.0.1:8002 any more.")
    own = "\n".join(f"    server {LOOPBACK}:{each}{servers[0][2]}" for each in ports)
    return text[: servers[0].start()] + own + text[servers[-1].end() :]


def make_certificate(folder: Path) -> Path:
    """Make a key and a certificate for the loopback address; return the path of the certificate."""
    found = folder / "fullchain.pem"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{folder}/privkey.pem"]
    name = ["-subj", f"/CN={LOOPBACK}", "-addext", f"subjectAltName=IP:{LOOPBACK}", "-days", "2"]
    subprocess.run(
        [program("openssl"), "req", "-x509", *key, *name, "-out", str(found)], check=True, capture_output=True
    )
    return found


def accepts(port: int) -> bool:
    """Return whether a port accepts connections. Raise OSError if it doesn't."""
    socket.create_connection((LOOPBACK, port), timeout=5).close()
    return True
