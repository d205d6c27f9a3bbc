// Puppeteer drives the Chromium that set-up finds, so it downloads none.
module.exports = { skipDownload: true };
