// What a browser keeps for one application: its cookies. It follows nothing by itself.
export function jar(origin) {
  const cookies = new Map();
  return async (address) => {
    const response = await fetch(new URL(address, origin), {
      redirect: "manual",
      headers: {
        accept: "text/html, */*",
        cookie: [...cookies].map((one) => one.join("=")).join("; "),
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      cookies.set(name, value);
    }
    return response;
  };
}
