/// Requests that this server sends to addresses which others name: documents of clients and
/// issuers, notices to them. Everything about them is bounded, and none reaches into the network
/// this server stands in.
@NullMarked
package io.prokura.outbound;

import org.jspecify.annotations.NullMarked;
