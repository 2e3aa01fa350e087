package io.prokura.seal;

import java.nio.file.Path;
import java.util.List;

/// Where the master key comes from.
public sealed interface MasterKeySource {

  /// A file that only its owner can read. It must not lie in any of the folders `apartFrom`, where
  /// the database and its backups are: whoever copies those must not get the key along.
  record File(Path path, List<Path> apartFrom) implements MasterKeySource {
    public File {
      apartFrom = List.copyOf(apartFrom);
    }
  }
}
