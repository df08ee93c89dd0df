import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { strictly } from '../../../synth/strict.ts';
import { example, shippedFiles, sourceFile } from '../../support/source-files.ts';

const MODENA = shippedFiles('modena');

describe('environments/modena', () => {
  it('has no errors, and these warnings', () => {
    const { issues } = loadEnvironment('modena', MODENA);
    expect(issues.map((issue) => printIssue(issue).replace('environments/modena/', ''))).toEqual([
      'infrastructures/edge-device-1.cluster.json:1:23 warning: Ignored apiPort: no unauthenticated proxy is opened, the API server keeps its own port',
      "infrastructures/edge-device-1.json:10:3 warning: Remove password from git, it is not used: put a private key for SSH into the secret 'edge-device-1-ssh'",
      "tasks/compss-workflow.json:1:1 warning: Task 'compss-workflow' runs at the pod security level baseline: a native document runs at restricted",
      "tasks/nginx-app.json:1:1 warning: Task 'nginx-app' runs at the pod security level baseline: a native document runs at restricted",
      "tasks/redis-app.json:1:1 warning: Task 'redis-app' runs at the pod security level baseline: a native document runs at restricted",
    ]);
    expect(
      issues
        .map(strictly)
        .filter(({ severity }) => severity === 'error')
        .map(({ code }) => code),
    ).toEqual(['ignored-field', 'secret-in-git']);
  });

  it.each([
    ['cluster-microk8s.json', 'infrastructures/edge-device-1.cluster.json'],
    ['function-helloworld.json', 'functions/helloworld.json'],
    ['infrastructure-edge-device.json', 'infrastructures/edge-device-1.json'],
    ['qos-deadlines-missed-1.json', 'qos/deadlines-missed-1.json'],
    ['task-compss-workflow.json', 'tasks/compss-workflow.json'],
    ['task-nginx-long.json', 'tasks/nginx-app.json'],
    ['task-redis-simple.json', 'tasks/redis-app.json'],
  ])("holds the original's %s byte for byte", (name, path) => {
    const file = MODENA.find((one) => one.path === `environments/modena/${path}`);
    expect(file && new TextDecoder().decode(file.content)).toBe(example(name));
  });

  it('places every task', () => {
    const { tasks, functions } = loadEnvironment('modena', MODENA);
    expect([...tasks.values(), ...functions.values()].map(({ name, infrastructure, dock }) => `${infrastructure}/${dock}/${name}`)).toEqual(
      [
        'modena/class/compss-workflow',
        'microk8s-1/default/nginx-app',
        'microk8s-1/default/redis-app',
        'modena/class/traffic-dashboard',
        'microk8s-cluster/default/helloworld',
      ],
    );
  });

  it('is as valid with the redis task whose QoS is inline', () => {
    const path = 'environments/modena/tasks/redis-app.json';
    const files = [...MODENA.filter((file) => file.path !== path), sourceFile(path, example('task-redis-inline-qos.json'))];
    const { issues, tasks } = loadEnvironment('modena', files);
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(tasks.get('redis-app')?.qos.map(({ name }) => name)).toEqual(['deadlines001']);
  });

  it('keeps the placeholder of a password out of what is loaded', () => {
    const environment = loadEnvironment('modena', MODENA);
    expect(JSON.stringify([environment.issues, ...environment.infrastructures])).not.toContain('user_password');
  });
});
