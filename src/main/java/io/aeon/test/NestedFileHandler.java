package io.aeon.test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/** Opens the URL of one file in the {@link NestedJars}. */
final class NestedFileHandler extends URLStreamHandler {
    private final NestedFile file;

    NestedFileHandler(NestedFile file) {
        this.file = file;
    }

    @Override
    protected URLConnection openConnection(URL url) {
        return new URLConnection(url) {
            @Override
            public void connect() {}

            @Override
            public InputStream getInputStream() throws IOException {
                return new ByteArrayInputStream(file.content());
            }
        };
    }
}
