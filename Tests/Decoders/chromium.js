// Decodes files (in base64) and returns the SHA-256 of each one's pixels, or what went wrong.
//
// A canvas keeps pixels multiplied by their alpha, so that those of transparent pictures would come back changed. A texture keeps them as
// they are.
async (files) => {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);

  const hash = async (file) => {
    const blob = new Blob([Uint8Array.fromBase64(file)], { type: "image/png" });
    const image = await createImageBitmap(blob, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
    const { width, height } = image;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, gl.getParameter(gl.TEXTURE_BINDING_2D), 0);
    image.close();
    const pixels = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    const error = gl.getError();
    if (error) return `WebGL's error ${error}`;
    return new Uint8Array(await crypto.subtle.digest("SHA-256", pixels)).toHex();
  };

  const hashes = [];
  for (const file of files) hashes.push(await hash(file).catch(String));
  gl.getExtension("WEBGL_lose_context").loseContext();
  return hashes;
}
