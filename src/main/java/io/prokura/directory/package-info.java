/// Who can be held to account besides agents: people, their groups, and workloads, as provisioned.
@NullMarked
package io.prokura.directory;

import org.jspecify.annotations.NullMarked;
