/** What the metadata log says, as Aeon's own cluster image and what has changed in it. */
@NullMarked
package io.aeon.metadata.image;

import org.jspecify.annotations.NullMarked;
