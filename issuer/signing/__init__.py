"""Cryptography: keys, certificates, PDF signatures, QR credentials. No Flask, no database."""
