/** A log whose broker is stopped: its check, a dump of its contents, and its repair. */
@NullMarked
package io.aeon.storage.repair;

import org.jspecify.annotations.NullMarked;
