/// Requests, responses, the row type of the route table, the server. Knows no domain word.
@NullMarked
package io.prokura.http;

import org.jspecify.annotations.NullMarked;
