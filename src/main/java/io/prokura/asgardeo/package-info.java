/// What WSO2 Asgardeo and Identity Server do for agents in a way of their own, for teams whose
/// clients were written for those. Nothing else knows this package: it can be taken away.
@NullMarked
package io.prokura.asgardeo;

import org.jspecify.annotations.NullMarked;
