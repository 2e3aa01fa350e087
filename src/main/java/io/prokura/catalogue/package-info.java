/// What is protected and why it may be used: resources with their actions, purposes, and the
/// permissions that principals hold.
@NullMarked
package io.prokura.catalogue;

import org.jspecify.annotations.NullMarked;
