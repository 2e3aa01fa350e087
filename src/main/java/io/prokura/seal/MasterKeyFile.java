package io.prokura.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prokura.jose.Base64Url;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// The master key as a text file: for each generation, oldest first, one line of the version `v1`,
/// the key's id in hexadecimal and the key in base64url, with a space between.
final class MasterKeyFile {
  private static final int GENERATIONS_MAX = 64;
  private static final int BYTES_MAX = 8 * 1024;
  private static final String OWNER_ONLY = "rw-------";
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path path;
  private final List<Path> apartFrom;

  MasterKeyFile(MasterKeySource.File source) {
    path = source.path().toAbsolutePath().normalize();
    apartFrom = source.apartFrom();
  }

  List<MasterKey.Generation> open(World world) {
    try {
      checkPlace();
      if (Files.notExists(path)) {
        create(world);
      }
      return checked();
    } catch (IOException | UnsupportedOperationException e) {
      throw new Outage("the master key file " + path + " can't be used", e);
    }
  }

  /// The generations in the file, which has to be there.
  List<MasterKey.Generation> read() {
    try {
      checkPlace();
      return checked();
    } catch (IOException | UnsupportedOperationException e) {
      throw new Outage("the master key file " + path + " can't be used", e);
    }
  }

  /// Adds a generation and returns all.
  List<MasterKey.Generation> rotate(World world) {
    var generations = new ArrayList<>(read());
    if (generations.size() == GENERATIONS_MAX) {
      throw unusable("has " + GENERATIONS_MAX + " keys already");
    }
    generations.add(MasterKey.Generation.random(world));
    return rewrite(world, generations);
  }

  /// Takes the generations `older` away.
  List<MasterKey.Generation> drop(World world, List<MasterKey.Generation> older) {
    var ids = older.stream().map(MasterKey.Generation::id).toList();
    var generations = new ArrayList<>(read());
    generations.removeIf(generation -> ids.contains(generation.id()));
    return rewrite(world, generations);
  }

  private List<MasterKey.Generation> rewrite(World world, List<MasterKey.Generation> generations) {
    try {
      var written = write(world, generations);
      Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
      syncFolder();
      return checked();
    } catch (IOException e) {
      throw new Outage("the master key file " + path + " can't be rewritten", e);
    }
  }

  private void checkPlace() throws IOException {
    var place = real(path);
    for (var folder : apartFrom) {
      if (place.startsWith(real(folder))) {
        throw unusable("lies in " + folder + ", beside what it protects");
      }
    }
  }

  /// A link fails where a file stands already, so of two servers that start at once one makes the
  /// key and both use it.
  private void create(World world) throws IOException {
    Files.createDirectories(
        folder(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    checkFolder();
    var written = write(world, List.of(MasterKey.Generation.random(world)));
    try {
      Files.createLink(path, written);
    } catch (FileAlreadyExistsException e) {
      // The other server's key is the one to use.
    } finally {
      Files.delete(written);
    }
    syncFolder();
  }

  private Path write(World world, List<MasterKey.Generation> generations) throws IOException {
    var text = new StringBuilder();
    for (var generation : generations) {
      text.append("v1 ")
          .append(HexFormat.of().toHexDigits(generation.id()))
          .append(' ')
          .append(Base64Url.encode(generation.key()))
          .append('\n');
    }
    var name = path.getFileName() + "." + HexFormat.of().formatHex(world.bytes(8)) + ".new";
    var written = folder().resolve(name);
    var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY));
    try (var channel = FileChannel.open(written, options, mode)) {
      var bytes = ByteBuffer.wrap(text.toString().getBytes(US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    return written;
  }

  private List<MasterKey.Generation> checked() throws IOException {
    if (!Files.isRegularFile(path)) {
      throw unusable("is not a regular file");
    }
    var mode = Files.getPosixFilePermissions(path);
    if (mode.stream().anyMatch(OTHERS::contains)) {
      throw unusable(
          "has mode "
              + PosixFilePermissions.toString(mode)
              + "; only its owner may have access (chmod 600)");
    }
    checkFolder();
    if (Files.size(path) > BYTES_MAX) {
      throw unusable("is too long");
    }
    var generations = new ArrayList<MasterKey.Generation>();
    for (var line : Files.readString(path, US_ASCII).lines().toList()) {
      generations.add(parse(line));
    }
    if (generations.isEmpty() || generations.size() > GENERATIONS_MAX) {
      throw unusable("has no key or more than " + GENERATIONS_MAX);
    }
    if (generations.stream().map(MasterKey.Generation::id).distinct().count()
        < generations.size()) {
      throw unusable("has the same key twice");
    }
    return generations;
  }

  private MasterKey.Generation parse(String line) {
    var fields = line.split(" ", -1);
    if (fields.length != 3 || !fields[0].equals("v1")) {
      throw unusable("has a line that is not: v1 <id> <key>");
    }
    var key = Base64Url.decode(fields[2]).filter(bytes -> bytes.length == 32);
    if (key.isEmpty()) {
      throw unusable("has a key that is not 256 bits in base64url");
    }
    var generation = new MasterKey.Generation(key.get());
    if (!HexFormat.of().toHexDigits(generation.id()).equals(fields[1])) {
      throw unusable("has a key that does not fit its id " + fields[1]);
    }
    return generation;
  }

  private void checkFolder() throws IOException {
    if (Files.getPosixFilePermissions(folder()).stream().anyMatch(OTHERS_WRITE::contains)) {
      throw unusable("lies in a folder that others can write to (chmod 700)");
    }
  }

  private void syncFolder() throws IOException {
    try (var channel = FileChannel.open(folder(), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private Path folder() {
    var parent = path.getParent();
    if (parent == null) {
      throw unusable("is not a file");
    }
    return parent;
  }

  /// The path without symbolic links, also where its end does not exist yet.
  private static Path real(Path path) throws IOException {
    var absolute = path.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    var parent = absolute.getParent();
    return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
  }

  private Outage unusable(String why) {
    return new Outage("the master key file " + path + " " + why);
  }
}
