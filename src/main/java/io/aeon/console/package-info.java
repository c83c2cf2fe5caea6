/** What a broker tells of itself by HTTP, to those who look at it. Nothing runs here unless somebody asks. */
@NullMarked
package io.aeon.console;

import org.jspecify.annotations.NullMarked;
