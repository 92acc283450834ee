// What a page of another origin can do with the API at `base`. Each answer has what the page may read of it: the status, headers and the body.
// `asked` is a list of requests: their path and the options of fetch. A body of `bytes` is that many zeroes, an `upload` a form with a file.
async ({ base, asked }) => {
  const read = async ({ path, bytes, upload, ...options }) => {
    if (bytes) options.body = new Blob([new Uint8Array(bytes)]);
    if (upload) {
      options.body = new FormData();
      for (const [name, value] of Object.entries(upload)) options.body.append(name, value);
      const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
      canvas.getContext("2d").fillRect(0, 0, 32, 32);
      options.body.append("image", await new Promise((answer) => canvas.toBlob(answer)));
    }
    try {
      const answer = await fetch(base + path, options);
      return { status: answer.status, type: answer.type, headers: Object.fromEntries(answer.headers), text: await answer.text() };
    } catch (error) {
      return { error: String(error) };
    }
  };
  const answers = [];
  for (const request of asked) answers.push(await read(request));
  return answers;
}
