/// Who may act for whom, for which purpose, and how far; authority only narrows.
@NullMarked
package io.prokura.delegation;

import org.jspecify.annotations.NullMarked;
