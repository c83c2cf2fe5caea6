/** A log whose broker is stopped: what is wrong with it, what is in it, and how it is made to open again. */
@NullMarked
package io.aeon.storage.repair;

import org.jspecify.annotations.NullMarked;
