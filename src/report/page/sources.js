// sources
