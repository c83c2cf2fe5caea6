/** Log lines that clients bring about: what they say is escaped, and they cannot fill the log. */
@NullMarked
package io.aeon.logging;

import org.jspecify.annotations.NullMarked;
