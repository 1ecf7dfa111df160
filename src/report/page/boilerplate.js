// boilerplate
