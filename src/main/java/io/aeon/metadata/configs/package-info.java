/** The rules of dynamic settings: which there are, who may change them to what, and how they are described. */
@NullMarked
package io.aeon.metadata.configs;

import org.jspecify.annotations.NullMarked;
