"""Tests of official figures beside ours."""
