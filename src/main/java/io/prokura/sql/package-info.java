/// Transactions, row mapping, migrations. Knows no domain word.
@NullMarked
package io.prokura.sql;

import org.jspecify.annotations.NullMarked;
