/** What a node keeps in its data directories about itself: whose they are, which run it was, how files are replaced. */
@NullMarked
package io.aeon.metadata.directory;

import org.jspecify.annotations.NullMarked;
