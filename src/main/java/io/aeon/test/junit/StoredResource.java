package io.aeon.test.junit;

import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Closes a resource with the store that has it. JUnit before 5.13 closes only one of the two interfaces, 6 the other.
 */
@SuppressWarnings({"deprecation", "try"})
record StoredResource<T extends AutoCloseable>(T resource)
        implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    @Override
    public void close() throws Exception {
        resource.close();
    }
}
