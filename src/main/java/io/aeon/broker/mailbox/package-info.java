/** Messages somebody waits on, answered even when no actor reads them. */
@NullMarked
package io.aeon.broker.mailbox;

import org.jspecify.annotations.NullMarked;
