import { z } from 'zod';

export const httpUrl = z.url({ protocol: /^https?$/, error: 'Write an http:// or https:// URL' });
