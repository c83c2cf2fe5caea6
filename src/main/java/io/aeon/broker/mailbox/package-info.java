/** Messages with a waiting caller, which gets an answer even if no actor reads the message. */
@NullMarked
package io.aeon.broker.mailbox;

import org.jspecify.annotations.NullMarked;
