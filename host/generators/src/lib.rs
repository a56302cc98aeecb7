//! Native semantic generators: names, addresses, identifiers.
