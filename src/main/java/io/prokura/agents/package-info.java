/// The agent registry: who owns an agent, what it is for, and where it is in its life.
@NullMarked
package io.prokura.agents;

import org.jspecify.annotations.NullMarked;
