/// Authorization requests: what applications ask of people, what people allow, and the codes and
/// refresh tokens that come of it.
@NullMarked
package io.prokura.authorize;

import org.jspecify.annotations.NullMarked;
