/** Log lines that clients cause: their text is escaped, and their number is limited. */
@NullMarked
package io.aeon.logging;

import org.jspecify.annotations.NullMarked;
