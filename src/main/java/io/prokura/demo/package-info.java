/// The story of one agent, played by real parties over HTTP: people, agents, a resource server.
@NullMarked
package io.prokura.demo;

import org.jspecify.annotations.NullMarked;
