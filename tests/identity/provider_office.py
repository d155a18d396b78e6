"""An office that lets a provider say who somebody is."""

from __future__ import annotations

from pathlib import Path

from issuer.config import SETTINGS_FILE


def add_provider(folder: Path, issuer: str) -> None:
    """Let an office trust the provider of this name."""
    (folder / "oidc.secret").write_text("rahasia contoh\n", "utf-8")
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.write(f'oidc_issuer = "{issuer}"\noidc_client_id = "kantor-surat"\n')
        file.write('oidc_client_secret_file = "oidc.secret"\noidc_label = "Akun Contoh"\n')
