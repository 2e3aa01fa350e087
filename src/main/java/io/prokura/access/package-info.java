/// Who may do what by the policies and permissions there are, and what of it is used.
@NullMarked
package io.prokura.access;

import org.jspecify.annotations.NullMarked;
