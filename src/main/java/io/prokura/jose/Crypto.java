package io.prokura.jose;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.prokura.kernel.World;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.KeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The one place that says whose code computes which signature. Providers are named per algorithm
/// and never installed into `java.security.Security`, so that nothing else in the process changes.
public final class Crypto {
  private static final int RSA_BITS = 2048;
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  private final Map<Algorithm, Provider> providers;

  private Crypto(Map<Algorithm, Provider> providers) {
    this.providers = new EnumMap<>(providers);
  }

  /// The fastest code that runs on this machine: Amazon Corretto Crypto where its native library
  /// loads and passes its own tests, the JDK elsewhere.
  public static Crypto fastest() {
    return correttoLoads() ? new Crypto(all(AmazonCorrettoCryptoProvider.INSTANCE)) : jdk();
  }

  /// The JDK's own code.
  public static Crypto jdk() {
    return new Crypto(jdkProviders());
  }

  /// Who computes `algorithm`, for the log at start.
  public String providerName(Algorithm algorithm) {
    return provider(algorithm).getName();
  }

  /// SHA-256 by the JDK, which is the fastest for short inputs.
  public static byte[] sha256(byte[] bytes) {
    return sha256().digest(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A generator of unguessable chance, the caller's own, which is thirty times faster than the
  /// JDK's; empty where Amazon Corretto Crypto doesn't load.
  public static Optional<SecureRandom> random() {
    try {
      return correttoLoads()
          ? Optional.of(
              SecureRandom.getInstance("LibCryptoRng", AmazonCorrettoCryptoProvider.INSTANCE))
          : Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      return Optional.empty();
    }
  }

  Signature signature(Algorithm algorithm) throws GeneralSecurityException {
    var name =
        switch (algorithm) {
          case ES256 -> "SHA256withECDSAinP1363Format";
          case EDDSA -> "EdDSA";
          case RS256 -> "SHA256withRSA";
          case PS256 -> "RSASSA-PSS";
        };
    var signature = Signature.getInstance(name, provider(algorithm));
    if (algorithm == Algorithm.PS256) {
      signature.setParameter(PSS);
    }
    return signature;
  }

  PublicKey publicKey(Algorithm algorithm, KeySpec spec) throws GeneralSecurityException {
    return keys(algorithm).generatePublic(spec);
  }

  PrivateKey privateKey(Algorithm algorithm, KeySpec spec) throws GeneralSecurityException {
    return keys(algorithm).generatePrivate(spec);
  }

  /// A new key pair, by the JDK's generators: they take their chance from `world`, native code
  /// takes its own.
  static KeyPair generate(Algorithm algorithm, World world) {
    AlgorithmParameterSpec parameters =
        switch (algorithm) {
          case ES256 -> new ECGenParameterSpec("secp256r1");
          case EDDSA -> NamedParameterSpec.ED25519;
          case RS256, PS256 -> new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4);
        };
    try {
      var generator = KeyPairGenerator.getInstance(keyType(algorithm), jdkProvider(algorithm));
      generator.initialize(parameters, WorldRandom.of(world));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyFactory keys(Algorithm algorithm) throws NoSuchAlgorithmException {
    var type = keyType(algorithm);
    var provider = provider(algorithm);
    return KeyFactory.getInstance(
        type, provider.getService("KeyFactory", type) == null ? jdkProvider(algorithm) : provider);
  }

  private Provider provider(Algorithm algorithm) {
    return Objects.requireNonNull(providers.get(algorithm));
  }

  private static String keyType(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> "EC";
      case EDDSA -> "Ed25519";
      case RS256, PS256 -> "RSA";
    };
  }

  private static Map<Algorithm, Provider> all(Provider provider) {
    var providers = new EnumMap<Algorithm, Provider>(Algorithm.class);
    for (var algorithm : Algorithm.values()) {
      providers.put(algorithm, provider);
    }
    return providers;
  }

  private static Map<Algorithm, Provider> jdkProviders() {
    var providers = new EnumMap<Algorithm, Provider>(Algorithm.class);
    for (var algorithm : Algorithm.values()) {
      providers.put(algorithm, jdkProvider(algorithm));
    }
    return providers;
  }

  private static Provider jdkProvider(Algorithm algorithm) {
    var name =
        switch (algorithm) {
          case ES256, EDDSA -> "SunEC";
          case RS256, PS256 -> "SunRsaSign";
        };
    var provider = Security.getProvider(name);
    if (provider == null) {
      throw new IllegalStateException("this Java runtime has no " + name);
    }
    return provider;
  }

  /// Touching the class is what loads the native library, so a failure shows itself here.
  private static boolean correttoLoads() {
    try {
      var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
      if (corretto.getLoadingError() != null) {
        return false;
      }
      corretto.assertHealthy();
      return true;
    } catch (LinkageError | RuntimeException e) {
      return false;
    }
  }
}
