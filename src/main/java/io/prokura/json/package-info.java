/// Reading and writing JSON. The only package that imports a JSON library.
@NullMarked
package io.prokura.json;

import org.jspecify.annotations.NullMarked;
