/**
 * The producers of a log: sequence numbers and epochs, open and aborted transactions, and the files that store them.
 */
@NullMarked
package io.aeon.storage.producer;

import org.jspecify.annotations.NullMarked;
