/** Who wrote to a log: sequences and epochs, open and aborted transactions, and the files that keep them. */
@NullMarked
package io.aeon.storage.producer;

import org.jspecify.annotations.NullMarked;
