"""Watches news feeds and government pages for announcements and sends digests."""
