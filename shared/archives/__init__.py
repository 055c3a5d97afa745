"""Archives: a folder or a file of many members, sealed under a passphrase or in the clear, that is read as if somebody
hostile had written it."""

from shared.archives.archive import Archive, ArchiveRefused, ArchiveWriter, writing

__all__ = ["Archive", "ArchiveRefused", "ArchiveWriter", "writing"]
