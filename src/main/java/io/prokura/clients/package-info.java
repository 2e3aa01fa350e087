/// OAuth clients and how they prove who they are: applications, and agents and workloads as clients
/// of the same id.
@NullMarked
package io.prokura.clients;

import org.jspecify.annotations.NullMarked;
