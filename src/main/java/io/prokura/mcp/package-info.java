/// What an MCP message asks to be allowed: the COAZ binding for the Model Context Protocol, from a
/// JSON-RPC message, a tool's mapping and a token's claims to an AuthZEN request. Decides nothing.
@NullMarked
package io.prokura.mcp;

import org.jspecify.annotations.NullMarked;
